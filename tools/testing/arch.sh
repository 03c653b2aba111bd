# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# What differs between the machines that guests are: GUEST_ARCH, x86_64 (default) or arm64. Sourced.

# dax SIZE START ALIGN: RAM (1) turned into Soft Reserved memory, which becomes device DAX. START is a multiple
# of 64M: since 7.2 the kernel reserves the rest of an unaligned piece of RAM, over what is Soft Reserved.
dax()
{
	echo "memmap=$1%$2-1+0xefffffff guest.dax=$2:$3"
}

# Part of the RAM of x86 is not the kernel's: 4 MiB that are not used, three pieces that become device DAX, with one
# alignment each, and a pmem disk. Its timer is not checked at boot: on a busy host its ticks come too late, and
# 6.12 panics. TCG executes string instructions byte by byte: a kernel without them copies with words, and the suite
# takes two thirds of the time. Pointer authentication by QEMU's own hash is much faster than the one of the
# architecture.
case ${GUEST_ARCH:=x86_64} in
x86_64)
	debian_arch=amd64
	triplet=x86_64-linux-gnu
	qemu="qemu-system-x86_64"
	emulator=
	image=arch/x86/boot/bzImage
	magic_at=514 # Documentation/arch/x86/boot.rst
	magic=HdrS
	machine=(-machine "q35,kernel-irqchip=split" -device "intel-iommu,intremap=on,caching-mode=on")
	kvm_cpu=max
	tcg_cpu=max,-erms,-fsrm
	disk=64M # pmem has as much
	memory=4352M # 2 GiB below 4 GiB; above, 1 GiB of DAX, a page of 1 GiB, and ZONE_MOVABLE
	parameters="console=ttyS0 intel_iommu=on vsyscall=emulate no_timer_check movablecore=128M hugepagesz=1G hugepages=1 \
memmap=4M\$0x10000000 memmap=64M!0x30000000 \
$(dax 8M 0x20000000 4096) $(dax 8M 0x24000000 0x200000) $(dax 1G 0x100000000 0x40000000)"
	;;
arm64)
	debian_arch=arm64
	triplet=aarch64-linux-gnu
	qemu="qemu-system-aarch64"
	emulator="qemu-aarch64"
	image=arch/arm64/boot/Image
	magic_at=56 # Documentation/arch/arm64/booting.rst
	magic=ARMd
	machine=(-machine "virt,iommu=smmuv3,gic-version=3")
	kvm_cpu=host
	tcg_cpu=max,pauth-impdef=on
	disk=256M # for pages of 16 KiB
	memory=2064M
	parameters=console=ttyAMA0
	;;
*)
	echo "${0##*/}: GUEST_ARCH=$GUEST_ARCH is neither x86_64 nor arm64" >&2
	exit 2
	;;
esac
export GUEST_ARCH
