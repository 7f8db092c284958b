import { ELEMENT_WORKGROUP, elementGrid, type Grid } from "../../kernels/shader.ts";

/** So many workgroups, in two dimensions where one does not hold them: they number themselves as elements do. */
export function workgroupGrid(workgroups: number): Grid {
  return elementGrid(workgroups * ELEMENT_WORKGROUP);
}
