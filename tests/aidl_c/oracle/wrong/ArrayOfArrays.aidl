interface ArrayOfArrays { int[][] a(); }
