// Generated from the provider's schema by `npm run gen`. Do not edit.

export * from "./cloudinit-disk";
export * from "./domain";
export * from "./network";
export * from "./pool";
export * from "./provider";
export * from "./volume";
