import { Token } from "cdktf";
import { templateLiteral } from "../core/template-literal";
import { fileProblems, renderFiles } from "./private/files";
import type { ISeed, SeedContent, SeedFile } from "./types";

/** Properties of a script for Combustion. */
export interface CombustionProps {
  /** The shell script, which begins with `#!`. A line `# combustion: network` has the guest set up its network first. */
  readonly script: string;

  /**
   * Further files by their paths, which the script finds beside it, such as `combustion/id_ed25519.pub`.
   *
   * @default - no further files
   */
  readonly files?: Readonly<Record<string, SeedFile>>;
}

/**
 * A script for Combustion, which runs at the first boot of openSUSE MicroOS and SLE Micro.
 *
 * @example
 * new Combustion({ script: "#!/bin/bash\n# combustion: network\nsystemctl enable sshd\n" });
 *
 * @see https://github.com/openSUSE/combustion
 */
export class Combustion implements ISeed {
  public readonly reader = "Combustion";
  public readonly runsAgain = false;

  constructor(private readonly props: CombustionProps) {}

  public problems(): string[] {
    const { script, files } = this.props;
    return [
      ...(Token.isUnresolved(script) || script.startsWith("#!")
        ? []
        : [
            "'seed.script' of Combustion must begin with '#!', which names the shell; add '#!/bin/bash' as its first line",
          ]),
      ...fileProblems(files),
    ];
  }

  public render(): SeedContent {
    const { script, files } = this.props;
    return { combustion: { script: templateLiteral(script) }, files: renderFiles(files) };
  }
}
