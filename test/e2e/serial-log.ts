import fs from "node:fs";
import path from "node:path";
import { LabPaths } from "../../lab/paths";

/** What a guest of a lab has printed on its serial port, on whichever hosts it was: each keeps the part from its time there. */
export class SerialLog {
  /** How much of each host's file has been read, and all of it in order. */
  private readonly seen = new Map<string, number>();
  private text = "";

  constructor(
    private readonly lab: string,
    private readonly vm: string,
  ) {}

  /** Goes on with what a host has: everything, once the guest has left it. */
  read(host: string): void {
    const content = this.on(host);
    this.text += content.slice(this.seen.get(host) ?? 0);
    this.seen.set(host, content.length);
  }

  /** All that a host has. */
  on(host: string): string {
    return fs.existsSync(this.file(host)) ? fs.readFileSync(this.file(host), "latin1") : "";
  }

  /** Removes what machines of that name have left on a host, before there is another one: it would go on with that. */
  clear(host: string): void {
    fs.rmSync(this.file(host), { force: true });
  }

  /** What the guest has counted; a line that is still being written is left out. */
  counts(): number[] {
    return countsIn(this.text);
  }

  /** What guests of that name have counted on a host. */
  all(host: string): number[] {
    return countsIn(this.on(host));
  }

  private file(host: string): string {
    return path.join(new LabPaths(this.lab).hostData(host), `var/log/libvirt/qemu/${this.vm}-serial.log`);
  }
}

function countsIn(text: string): number[] {
  return [...text.matchAll(/^count (\d+)\r?\n/gm)].map(([, count]) => Number(count));
}

/** One count after the other, from the first to the last of these. */
export function uninterrupted(counts: readonly number[]): number[] {
  const [first = 0] = counts;
  return counts.map((_count, index) => first + index);
}
