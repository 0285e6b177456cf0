import { Token } from "cdktf";
import { fileProblems, renderFiles } from "./private/files";
import type { ISeed, SeedContent, SeedFile } from "./types";

/** Properties of a disk with any label. */
export interface SeedDiskProps {
  /** The label by which the guest finds the disk: 1 to 16 ASCII characters, such as `OEMDRV` for Anaconda. */
  readonly label: string;

  /** The files, by their paths on the disk. */
  readonly files: Readonly<Record<string, SeedFile>>;
}

/**
 * A disk with a label and files, for a guest that none of the other seeds is made for.
 *
 * @example
 * new SeedDisk({ label: "OEMDRV", files: { "ks.cfg": "text\nreboot\n" } });
 */
export class SeedDisk implements ISeed {
  public readonly reader = "the guest";
  public readonly runsAgain = false;

  constructor(private readonly props: SeedDiskProps) {}

  public problems(): string[] {
    const { label, files } = this.props;
    const isLabel = Token.isUnresolved(label) || (/^[!-~]([ -~]{0,14}[!-~])?$/.test(label) && label.length > 0);
    return [
      ...(isLabel
        ? []
        : [`'seed.label' must be 1 to 16 ASCII characters without spaces around them, got '${label}'; shorten it`]),
      ...(Object.keys(files).length === 0
        ? ["'seed.files' must not be empty; add the files that the guest reads"]
        : []),
      ...fileProblems(files),
    ];
  }

  public render(): SeedContent {
    return { label: this.props.label, files: renderFiles(this.props.files) };
  }
}
