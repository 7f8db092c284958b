/** Of the instruction sets that matter here those that a processor has, by Linux's list of its flags. */
export function instructionSets(cpuinfo: string | undefined): string {
  const flags = new Set(cpuinfo?.match(/^flags\s*:(.*)$/m)?.[1].trim().split(/\s+/));
  if (flags.size === 0) return "unknown";
  const known: readonly [string, readonly string[]][] = [
    ["avx2", ["avx2"]],
    ["avx512", ["avx512f"]],
    ["vnni", ["avx512_vnni", "avx_vnni"]],
  ];
  return known.flatMap(([name, any]) => any.some((flag) => flags.has(flag)) ? [name] : []).join(", ") ||
    `none of ${known.map(([name]) => name).join(", ")}`;
}
