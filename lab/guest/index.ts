export { type BuildOptions, type GuestImage, buildGuestImage } from "./image";
