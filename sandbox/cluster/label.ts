/** The label of everything that a sandbox has in the engine; its value is the sandbox's name. */
export const SANDBOX_LABEL = "dev.todo-stack.sandbox";

/** The label of a sandbox's container that holds the key of all that it was made from. */
export const CONFIGURATION_LABEL = "dev.todo-stack.sandbox.configuration";
