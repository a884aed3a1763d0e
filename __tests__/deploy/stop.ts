/** Ends the emulator of the lane. */
export default async function stop(): Promise<void> {
  await globalThis.emulator?.stop();
}
