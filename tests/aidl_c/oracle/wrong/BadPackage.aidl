package 1a; interface BadPackage { void a(); }
