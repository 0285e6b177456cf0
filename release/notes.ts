/** A commit, as `git log` prints it. */
export interface Commit {
  readonly hash: string;
  readonly subject: string;
  readonly body: string;
}

/** The sections of the notes, by the type of a commit. Other types are nothing that a user would notice. */
const sections: Readonly<Record<string, string>> = { feat: "New", fix: "Fixed", perf: "Faster" };

/** The notes of a release, in Markdown, from its commits. They are in the order of the commits. */
export function releaseNotes(version: string, commits: readonly Commit[]): string {
  const entries = commits.flatMap(entriesOf);
  const parts = ["Breaking", ...Object.values(sections)].flatMap((section) => {
    const lines = entries.filter((entry) => entry.section === section).map(({ text }) => `- ${text}`);
    return lines.length === 0 ? [] : [`## ${section}\n\n${lines.join("\n")}\n`];
  });
  return [`# kvm-fleet ${version}\n`, ...(parts.length === 0 ? ["Nothing that a user would notice.\n"] : parts)].join(
    "\n",
  );
}

function entriesOf({ hash, subject, body }: Commit): readonly { readonly section: string; readonly text: string }[] {
  const [, type = "", scope, breaking, summary] = /^(\w+)(?:\(([^)]+)\))?(!)?: (.+)$/.exec(subject) ?? [];
  const section = breaking !== undefined || /^BREAKING[ -]CHANGE:/m.test(body) ? "Breaking" : sections[type];
  if (section === undefined || summary === undefined) return [];
  return [{ section, text: `${scope === undefined ? "" : `${scope}: `}${summary} (${hash.slice(0, 8)})` }];
}
