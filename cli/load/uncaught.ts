/**
 * Takes errors that nobody caught: of timers and events of a userspace half. The first one is what it is for; the process goes on, so that
 * whoever is told can detach the scheduler and say why.
 */
export function onUncaught(tell: (error: unknown) => void): Disposable {
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
  return {
    [Symbol.dispose]: () => {
      process.off('uncaughtException', tell);
      process.off('unhandledRejection', tell);
    },
  };
}
