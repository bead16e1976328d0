/** What Pulumi requires. It hands `.ts` files to a compiler of its own; what a module imports, Node strips of its types. */
import "./pack.ts";
