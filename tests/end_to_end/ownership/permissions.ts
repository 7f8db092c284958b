/** What a program may be allowed to do, in words. */
const ASKED: readonly (readonly [what: string, permission: Deno.PermissionDescriptor])[] = [
  ["programs", { name: "run" }],
  ["network", { name: "net" }],
  ["this machine", { name: "net", host: "127.0.0.1" }],
  ["write", { name: "write" }],
  ["write runs/", { name: "write", path: new URL("../../../runs", import.meta.url) }],
  ["write weights/", { name: "write", path: new URL("../../../weights", import.meta.url) }],
  ["PATH", { name: "env", variable: "PATH" }],
  ["HOME", { name: "env", variable: "HOME" }],
  ["system", { name: "sys" }],
  ["libraries", { name: "ffi" }],
  ["libraries of node_modules/", { name: "ffi", path: new URL("../../../node_modules", import.meta.url) }],
];

// Run as a program of its own, with the permissions of a task: prints those of the words that hold, as JSON.
const granted = ASKED.filter(([, permission]) => Deno.permissions.querySync(permission).state === "granted");
console.log(JSON.stringify(granted.map(([what]) => what)));
