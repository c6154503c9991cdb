// SPDX-License-Identifier: MIT
package android.os;

/** A service and the process behind it. */
parcelable ServiceDebugInfo {
    @utf8InCpp String name;
    int debugPid;
}
