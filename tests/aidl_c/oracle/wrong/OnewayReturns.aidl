interface OnewayReturns { oneway int a(); }
