/** The label of every stand-in for an official base image, inherited by what is built on it; its value is `true`. */
export const STAND_IN_LABEL = "dev.todo-stack.stand-in";

/** The label of a stand-in that holds the key of its recipe. */
export const RECIPE_LABEL = "dev.todo-stack.stand-in.recipe";
