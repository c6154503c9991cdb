interface Unfinished { int a( ; }
