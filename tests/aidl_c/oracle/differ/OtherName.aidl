interface Other { int a(); }
