/** Whether the tests run that take long, which `npm test` leaves to `npm run test:all`. */
export const runsLongTests = process.env.KVM_FLEET_TESTS !== "short";
