module todo-stack.dev/sandbox/pause

go 1.24.0
