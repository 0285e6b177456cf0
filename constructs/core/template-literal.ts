/**
 * Keeps Terraform from taking text for a template: `${HOME}` in a shell script is not a reference.
 *
 * Tokens stay what they are; a reference is written as one. An unset text stays unset.
 */
export function templateLiteral(text: string): string;
export function templateLiteral(text: string | undefined): string | undefined;
export function templateLiteral(text: string | undefined): string | undefined {
  return text?.replace(/([$%])\{(?!TfToken\[)/g, "$1$1{");
}
