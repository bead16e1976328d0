import { psql } from "./psql/psql.ts";
import { main } from "./support/main.ts";

const usage = `Usage: npm run psql [-- [--stack NAME] <arguments of psql>]

A psql in the stack's database: in its pod where the database is in the cluster, and else this machine's own psql with the
login of the stack's Secret. No password stands on a command line or in the output. In the cluster it is the superuser; what
is to be shared with the application belongs to the role todo_owner.

  --stack NAME   the stack, default local; it comes before what is for psql

For example:

  npm run psql                                      asks for statements
  npm run psql -- -c 'SELECT count(*) FROM todo'    runs one
  npm run psql < statements.sql                     runs a file's
  npm run psql -- -At -c 'SELECT title FROM todo'   values alone, for other programs`;

await main(usage, psql);
