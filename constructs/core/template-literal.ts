/**
 * Keeps Terraform from taking text for a template: `${HOME}` in a shell script is not a reference.
 *
 * Tokens stay what they are; a reference is written as one.
 */
export function templateLiteral(text: string): string {
  return text.replace(/([$%])\{(?!TfToken\[)/g, "$1$1{");
}
