export { messageOf } from "../../base/message_of.ts";
export { UserError } from "../../base/user_error.ts";
