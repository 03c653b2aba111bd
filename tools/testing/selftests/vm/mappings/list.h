/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of mappings; each is a struct mapping_ops in a file of this directory. Those with a
 * struct page come first: a kernel that wrongly takes one survives longer, and shows more, than one
 * that takes a BAR.
 */
#ifndef PFNMAP_MAPPING_LIST_H
#define PFNMAP_MAPPING_LIST_H

#define MAPPINGS(MAPPING)		\
	MAPPING(vvar)			\
	MAPPING(perf)			\
	MAPPING(btf)			\
	MAPPING(udmabuf)		\
	MAPPING(heap)			\
	MAPPING(vgem)			\
	MAPPING(mod_ram)		\
	MAPPING(mod_fault)		\
	MAPPING(mod_late)		\
	MAPPING(mod_special)		\
	MAPPING(mod_normal)		\
	MAPPING(mod_altern)		\
	MAPPING(mod_io)			\
	MAPPING(mod_sparse)		\
	MAPPING(mod_huge)		\
	MAPPING(mod_rospec)		\
	MAPPING(devmem_rom)		\
	MAPPING(devmem_ram)		\
	MAPPING(pci_resource)		\
	MAPPING(vfio_group)		\
	MAPPING(vfio_cdev)		\
	MAPPING(vfio_huge)		\
	MAPPING(mod_reserved)		\
	MAPPING(mod_bar)		\
	MAPPING(cramfs)			\
	MAPPING(cmb)			\
	MAPPING(devdax_4k)		\
	MAPPING(devdax_2m)		\
	MAPPING(fsdax)			\
	MAPPING(vdso)			\
	MAPPING(anon)			\
	MAPPING(readonly)		\
	MAPPING(thp)			\
	MAPPING(shmem)			\
	MAPPING(secretmem)		\
	MAPPING(hole)			\
	MAPPING(guard)			\
	MAPPING(poisoned)		\
	MAPPING(prot_none)

#endif
