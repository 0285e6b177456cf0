export { buildCounter } from "./counter";
export { type BuildOptions, type GuestImage, buildGuestImage } from "./image";
