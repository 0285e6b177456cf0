import { releaseNotes } from "../../release/notes";

const hash = "0123456789abcdef";

describe("the notes of a release", () => {
  test("have what a user notices, by kind, and breaking changes first", () => {
    const commits = [
      { hash, subject: "fix(pool): keep state", body: "" },
      { hash, subject: "feat: move a machine", body: "" },
      { hash, subject: "refactor(cli): say route", body: "" },
      { hash, subject: "perf(provider): ask once", body: "" },
      { hash, subject: "feat(seed)!: rename a resource", body: "" },
      { hash, subject: "feat: change a default", body: "Why.\n\nBREAKING CHANGE: set it to keep it." },
      { hash, subject: "a subject of another form", body: "" },
    ];

    expect(releaseNotes("1.2.3", commits)).toBe(`# kvm-fleet 1.2.3

## Breaking

- seed: rename a resource (01234567)
- change a default (01234567)

## New

- move a machine (01234567)

## Fixed

- pool: keep state (01234567)

## Faster

- provider: ask once (01234567)
`);
  });

  test("say so if there is nothing that a user notices", () => {
    expect(releaseNotes("1.2.3", [{ hash, subject: "docs: mend a link", body: "" }])).toBe(
      "# kvm-fleet 1.2.3\n\nNothing that a user would notice.\n",
    );
  });
});
