import { execFileSync } from "node:child_process";

/**
 * Writes a detached signature beside a file, as `FILE.sig`, in the binary form that Terraform's registry requires.
 *
 * @param key the fingerprint of a key in the keyring of gpg
 * @param passphrase that of the key, if gpg's agent does not know it
 */
export function sign(file: string, key: string, passphrase?: string): void {
  const answer = passphrase === undefined ? [] : ["--pinentry-mode", "loopback", "--passphrase-fd", "0"];
  const args = ["--batch", "--yes", ...answer, "--local-user", key, "--output", `${file}.sig`, "--detach-sign", file];
  execFileSync("gpg", args, { input: passphrase ?? "", stdio: ["pipe", "ignore", "inherit"] });
}
