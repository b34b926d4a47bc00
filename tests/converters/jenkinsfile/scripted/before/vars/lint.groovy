def call(Map options) {
    /* As poetry runs it. */
    int half = options.size() / 2 / 1
    if (options.path ==~ /kites\/'.*/) {
        sh 'poetry run ruff check'
    }
}
