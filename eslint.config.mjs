import js from "@eslint/js";
import perfectionist from "eslint-plugin-perfectionist";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", "cdktf.out/", "dist/", "provider/", "release/library/", "**/*.js", ".lab/", ".cache/"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { perfectionist },
    rules: {
      "perfectionist/sort-imports": [
        "error",
        { groups: ["builtin", "external", "parent", "sibling", "index"], newlinesBetween: 0, type: "natural" },
      ],
      "perfectionist/sort-named-exports": ["error", { type: "natural" }],
      "perfectionist/sort-named-imports": ["error", { type: "natural" }],
      // A construct is made for its effect on the tree.
      "no-new": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    files: ["bin/**/*.ts", "constructs/**/*.ts", "placement/**/*.ts", "separation/**/*.ts", "stacks/**/*.ts"],
    rules: {
      "@typescript-eslint/explicit-member-accessibility": ["error", { overrides: { constructors: "no-public" } }],
      "@typescript-eslint/member-ordering": [
        "error",
        {
          default: [
            "public-static-field",
            "public-static-method",
            "private-static-method",
            "field",
            "constructor",
            ["public-get", "public-method"],
            ["private-get", "private-method"],
          ],
        },
      ],
    },
  },
  { files: ["**/*.mjs"], extends: [tseslint.configs.disableTypeChecked] },
);
