interface Reserved { void getInterfaceVersion(); }
