export { buildCounter } from "./counter";
export { buildGuestImage, type BuildOptions, type GuestImage } from "./image";
