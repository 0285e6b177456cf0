/**
 * Who may import whom. `npm run lint` fails on an import that a rule below forbids.
 *
 * Rows are in order, highest first: a folder imports only from the rows below its own. Folders of one row do not import each
 * other.
 */
const checkout = [
  ["test"],
  ["bench", "release"],
  ["bin"],
  ["stacks"],
  ["constructs"],
  ["gen", "separation", "placement"],
  ["lab"],
];
const constructs = [["separation", "placement"], ["machine"], ["storage", "network", "seed"], ["host"], ["core"]];

/** One rule for each folder: it imports nothing from its own row, and nothing from the rows above. */
function downhill(rows, parent) {
  return rows.flatMap((row, place) =>
    row.flatMap((folder) => {
      const above = [...rows.slice(0, place).flat(), ...row.filter((other) => other !== folder)];
      if (above.length === 0) return [];
      return [
        {
          name: `${parent}${folder}-imports-downhill`,
          comment: `${parent}${folder}/ must not import from ${above.map((other) => `${parent}${other}/`).join(", ")}.`,
          severity: "error",
          from: { path: `^${parent}${folder}/` },
          to: { path: `^${parent}(${above.join("|")})/` },
        },
      ];
    }),
  );
}

export default {
  forbidden: [
    {
      name: "no-circle",
      comment: "Files must not import each other in a circle, types included; move what both use to a file of its own.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "private-stays-private",
      comment: "Files outside a folder must not import from its private/; import one of the folder's other files.",
      severity: "error",
      from: { path: "^(.+?)/(?:private/)?[^/]+$" },
      to: { path: "/private/", pathNot: "^$1/private/" },
    },
    {
      name: "stacks-import-the-library",
      comment: "Files outside the construct library must import 'constructs', and not its single files.",
      severity: "error",
      from: { path: "^(stacks|bin|bench)/" },
      to: { path: "^constructs/", pathNot: "^constructs/index[.]ts$" },
    },
    {
      name: "folders-import-the-separation-library",
      comment: "Files outside the separation library must import 'separation', and not its single files.",
      severity: "error",
      from: { path: "^(constructs|stacks|bin|bench)/" },
      to: { path: "^separation/", pathNot: "^separation/index[.]ts$" },
    },
    {
      name: "folders-import-the-placement-library",
      comment: "Files outside the placement library must import 'placement', and not its single files.",
      severity: "error",
      from: { path: "^(constructs|stacks|bin|bench)/" },
      to: { path: "^placement/", pathNot: "^placement/index[.]ts$" },
    },
    {
      name: "libraries-without-cdktf",
      comment:
        "The separation and placement libraries must not import cdktf or constructs: they work on the model alone.",
      severity: "error",
      from: { path: "^(separation|placement)/" },
      to: { path: "(^|/)(cdktf|constructs)(/|$)" },
    },
    ...downhill(checkout, ""),
    ...downhill(constructs, "constructs/"),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    exclude: { path: "^(cdktf[.]out|[.]lab|[.]cache|dist|provider)/" },
  },
};
