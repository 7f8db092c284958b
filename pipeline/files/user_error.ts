export { messageOf } from "../../data/base/message_of.ts";
export { UserError } from "../../data/base/user_error.ts";
