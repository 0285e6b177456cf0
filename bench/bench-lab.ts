import path from "node:path";
import { down, type Lab, type LabHost, up } from "../lab";
import { LabPaths } from "../lab/paths";

/** The requirements that the figures of a run have for the lab. */
export interface LabNeeds {
  readonly hosts: number;
  readonly shared: boolean;
}

/** The lab that figures are measured on. It comes up when the first figure requests it. */
export class BenchLab {
  private lab: Lab | undefined;
  /** Whether parts of the lab can be up. */
  private touched = false;

  constructor(
    private readonly name: string,
    private readonly needs: LabNeeds,
    private readonly report: (line: string) => void,
  ) {}

  async get(): Promise<Lab> {
    this.touched = true;
    this.lab ??= await up({ name: this.name, ...this.needs, image: false, report: this.report });
    return this.lab;
  }

  /** Takes the lab down, if it has come up. The next call of `get` brings up a new one. */
  async discard(): Promise<void> {
    this.lab = undefined;
    if (this.touched) await down({ name: this.name, report: this.report });
    this.touched = false;
  }

  /** Returns the path on this machine of a file on a host. */
  fileOf({ name }: LabHost, file: string): string {
    return path.join(new LabPaths(this.name).hostData(name), file);
  }
}
