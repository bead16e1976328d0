import { TodoApp } from "@/components/TodoApp";

export default function Page() {
  return <TodoApp />;
}
