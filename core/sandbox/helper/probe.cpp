// SPDX-License-Identifier: GPL-3.0-or-later
// The battery's probes.
int main()
{
    return 0;
}
