import { existsSync, readFileSync } from "node:fs";
import { isModel, type Model } from "../../separation";
import { Failure } from "../failure";
import type { Project } from "../pipeline/project";
import { readSeparationAt } from "../pipeline/separation";
import type { SeparationReport } from "./report";

/** Reads the model to compare with: from a file that `separation --json` has written, or of a Git commit. */
export async function readBase(base: string, project: Project): Promise<Model> {
  if (!existsSync(base)) {
    const model = await readSeparationAt(base, project);
    if (isModel(model)) return model;
    throw new Failure(
      `'${base}' has another version of kvm-fleet, whose model this version cannot read; use a later commit`,
    );
  }
  try {
    const { model } = JSON.parse(readFileSync(base, "utf8")) as Partial<SeparationReport>;
    if (isModel(model)) return model;
  } catch {
    // The error below covers this case.
  }
  throw new Failure(
    `'${base}' is not a file that '--json' of this version has written; write it with 'kvm-fleet separation --json ${base}'`,
  );
}
