import { stripTypeScriptTypes } from "node:module";

/** A jest transformer that does what Node does at run time: the tests run the very text that `pulumi up` runs. */
export default {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
};
