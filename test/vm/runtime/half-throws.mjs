export default async function () {
  await new Promise((resolve) => setTimeout(resolve, 300));
  throw new Error('the half is broken');
}
