import { run } from "../support/run.ts";
import { type ChosenProvider, providerEnvironment } from "./providers.ts";
import { Transcript } from "./transcript.ts";

/** How kubectl-ai is asked. */
export interface AskOptions {
  /** kubectl-ai itself. */
  readonly program: string;
  readonly chosen: ChosenProvider;
  readonly prompt: string;
  /** The kubeconfig of the reading account. */
  readonly kubeconfig: string;
  /** All of its PATH: the gate's folder. */
  readonly path: string;
  /** Its home and its temporary folder: empty, and removed afterwards. */
  readonly folder: string;
  /** The environment of the person who asks. */
  readonly env: NodeJS.ProcessEnv;
  /** Takes each line that it says. */
  readonly print: (line: string) => void;
}

/** How it ended. */
export interface Ending {
  readonly code: number;
  /** The commands that it stopped at, because it could not tell that they only read. */
  readonly stoppedAt: readonly string[];
}

/** How many times a model may call tools before it must answer. */
const iterations = 15;

/**
 * Asks once, without a terminal. It finds no configuration of the user's (which might skip permissions, or start other servers), no
 * other program's key, and no program but the gate; the question comes by standard input, where other users of the machine do not
 * see it.
 */
export async function askKubectlAi(options: AskOptions): Promise<Ending> {
  const { program, chosen, prompt, kubeconfig, path, folder, env, print } = options;
  const transcript = new Transcript(print);
  const args = [
    "--quiet",
    ...["--llm-provider", chosen.provider.id, "--model", chosen.model],
    ...["--kubeconfig", kubeconfig, "--max-iterations", String(iterations)],
    ...["--skip-permissions=false", "--mcp-client=false", "--mcp-server=false", "--ui-type", "terminal"],
    // Its record of all that was said; it goes with the folder.
    ...["--trace-path", `${folder}/trace`, "--remove-workdir"],
  ];
  const own = { PATH: path, HOME: folder, TMPDIR: folder, XDG_CONFIG_HOME: folder };
  const environment = { ...providerEnvironment(chosen, env), ...own };
  const { code } = await run(program, args, {
    cwd: folder,
    env: environment,
    input: prompt,
    onLine: (line) => transcript.take(line),
    allowFailure: true,
  });
  return { code, stoppedAt: [...transcript.stoppedAt] };
}
