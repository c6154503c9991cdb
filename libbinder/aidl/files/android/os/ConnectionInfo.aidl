// SPDX-License-Identifier: MIT
package android.os;

/** Where a service of another machine is reached. */
parcelable ConnectionInfo {
    @utf8InCpp String ipAddress;
    int port;
}
