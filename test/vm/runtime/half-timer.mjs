export default async function ({ signal }) {
  setTimeout(() => {
    throw new Error('a timer is broken');
  }, 300);
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}
