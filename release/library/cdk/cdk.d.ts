// One of these modules is installed. TypeScript ignores the other line.
// @ts-ignore
export * from "cdktf";
// @ts-ignore
export * from "cdktn";
