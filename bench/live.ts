/** How virsh migrates as the provider does: from host to host, without interruption, with the definition. */
export const LIVE = ["--live", "--p2p", "--persistent", "--undefinesource"] as const;
