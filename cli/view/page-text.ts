export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A script within a page must not end it. */
const inScript = (text: string): string =>
  text.replace(/<\/(script)/gi, '<\\/$1').replace(/<!--/g, '<\\!--');

/** A page that needs no other file; `data` is what it shows, in base64. */
export function pageOf(
  title: string,
  style: string,
  script: string,
  data: string,
  head = '',
): string {
  // The script comes first and waits: of a page that was cut, what is there is shown.
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>${head}
<style>${style}</style>
<script>addEventListener('DOMContentLoaded', () => {${inScript(script)}});</script>
</head>
<body>
<p>Opening…</p>
<noscript>This page needs JavaScript.</noscript>
<script id="recording" type="application/octet-stream">${data}</script>
</body>
</html>
`;
}
