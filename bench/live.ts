/** The options that make virsh migrate as the provider does: live, peer to peer, and with the definition. */
export const LIVE = ["--live", "--p2p", "--persistent", "--undefinesource"] as const;
