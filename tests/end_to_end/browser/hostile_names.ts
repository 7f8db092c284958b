/** Names that would run, load, close or turn something if a page took them for more than text. */
export const HOSTILE_NAMES = [
  `<img src=x onerror=document.title='run'>.jpg`,
  `"><svg onload=document.title='run'>.jpg`,
  `' onmouseover='document.title=1.jpg`,
  `<style>@import 'http:127.0.0.1'.jpg`,
  `new\nline\r\ttab.jpg`,
  `\u202egpj.txt\u2066.jpg`,
  `Kätzchen 猫 🐈 e\u0301.jpg`,
  `&lt;b&gt;&amp;.jpg`,
  `${"long".repeat(50)}.jpg`,
];

/** What a name looks like on the page: what would end a line or turn one is shown as an escape. */
export const shownName = (name: string) =>
  name.replace(/[\n\r\t]/g, (letter) => ({ "\n": "\\n", "\r": "\\r", "\t": "\\t" })[letter] ?? "")
    .replace(/[\u202e\u2066]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16)}`);
