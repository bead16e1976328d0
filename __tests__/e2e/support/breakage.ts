/** A line of the backend's server, and what breaks it in the cluster alone: the tests' databases have other names. */
export const healthy = "from todo.app import create_app\n";
export const broken = `import os

if "todo-database" in os.environ.get("DATABASE_URL", ""):
    raise SystemExit("broken on purpose")
${healthy}`;
