import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const CHECKOUT = path.dirname(path.dirname(__dirname));
const EDITED = ["stacks", "cdktf.json"];
const SHARED = [
  "bin",
  "constructs",
  "gen",
  "lab",
  "node_modules",
  "package.json",
  "placement",
  "separation",
  "tsconfig.json",
];

/** A copy of the stacks that a test can change as a user does. Everything else is linked to this checkout. */
export class EditableCheckout {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "checkout-"));

  constructor() {
    for (const name of EDITED) fs.cpSync(path.join(CHECKOUT, name), path.join(this.folder, name), { recursive: true });
    for (const name of SHARED) fs.symlinkSync(path.join(CHECKOUT, name), path.join(this.folder, name));
  }

  /** Replaces a text that the file must contain exactly once. */
  edit(file: string, was: string, is: string): void {
    const place = path.join(this.folder, file);
    const [before, after, ...more] = fs.readFileSync(place, "utf8").split(was);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${file} must contain this exactly once: ${was}`);
    }
    fs.writeFileSync(place, `${before}${is}${after}`);
  }

  write(file: string, text: string): void {
    fs.writeFileSync(path.join(this.folder, file), text);
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true });
  }
}
