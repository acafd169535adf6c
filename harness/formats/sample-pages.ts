import { gunzipSync } from 'node:zlib';

/** Pages of PostgreSQL 15.20 with data checksums, as `get_raw_page` of pageinspect gave them; packed, for most of a page is empty. */
const page = (packed: string): Buffer => gunzipSync(Buffer.from(packed, 'base64'));

/** Block 0 of a heap after inserts, an update, a delete, VACUUM and another update: every state of a line but `dead`. */
export const heapPage = page(
  'H4sIAAAAAAACA+3MsQrCMBQF0Ju0KiIibt101K2Lu4IgODiKa0Frs1iIcRVHR/+gv+DXVPs3vopD1cXR4Z5A3gu5XAC4NI4KUAgR' +
    '9tD3+4UG7tkCYTbHVWZd/s4yV9kSRERERERERERERERERERE/+ym3991eCc9DODL3p1Zs02t6cTpofjI6TI3CFCTvTU1u6g5conM' +
    'X/usS57/ueSr3dI71qrS245NLNn8o9eTo5uB3JJbbmzUdomx66+ceuVUmZvsnn127/AAlMKyYgAgAAA=',
);

/** Block 3 of a heap of wide rows: its checksum tells that the block's number counts. */
export const fourthHeapPage = page(
  'H4sIAAAAAAACA+3SP04CcRDF8dnfPlwQFUtKyqlARP5beAgLjkFiY6cxhmxCCDHEgDEkHMHSI1DS22zpESzBZIopLO32fZuZ139E' +
    'REZ3D9HhyK2sRGqo/f7fa8XuXfH5ptgsFemrYrxQjF4UN3OFzhTnU8VPqsgmiu2z4uNJsXpUyD/0FfyKpSJBQrEq14eVJSL3LHf9' +
    '5eLMXAzpgi6ci1NzMaALunAuTsxFny7owrkom4seXdCFc3FsLrp0QRfORclcdOiCLpyLorlo0wVdOBeJubiiC7pwLo7MRYsu6MK5' +
    'KJiLS7qgC+cC5qJJF3ThXMTm4oIu6MK5COaiQRd04VxE5qJOF7l2sQcHPE12ACAAAA==',
);

/** The only page of a small B-tree, leaf and root at once. */
export const btreeRoot = page(
  'H4sIAAAAAAACA+3MsQ2AIABE0SNg7wZSuqSNU9jpCIzgCI7gCI7gYUWhjfV/yUU+MUjSMk/BH40qwzWkXM/nmnV4u1e8bX2uAQAA' +
    'AAAAAAAAAADAT51677uTOzUd3bHp4A4v79Z/bvxY2LYAIAAA',
);

/** The left-most leaf of a B-tree of two levels: it has a right sibling, so its first line is a high key. */
export const btreeLeaf = page(
  'H4sIAAAAAAACA+3Z95PXBB7G8dCkiBB6h1Ckg1GKgAhBpLfQOwRUqkDsXWMXaaEXUWLvGgv2EnvXqNgber1/r/fz3h9vbnjut/sD' +
    'zM57dl+z+/lhZ2d299l1HMeZtT+pwivnQA2ndqVddc/ePrjPc0oqKKeMUkoopohCCsgnj1xyqHKD5xykkgrKKaOUEoopopAC8skj' +
    'lxyqXM89lVRQThmllFBMEYUUkE8eueRQZS/3VFJBOWWUUkIxRRRSQD555JJDleu4p5IKyimjlBKKKaKQAvLJI5ccquzhnkoqKKeM' +
    'UkoopohCCsgnj1xyqLKbeyqpoJwySimhmCIKKSCfPHLJocou7qmkgnLKKKWEYooopIB88sglhyo7uaeSCsopo5QSiimikALyySOX' +
    'HKrs4J5KKiinjFJKKKaIQgrIJ49ccqiynXsqqaCcMkopoZgiCikgnzxyyaHKNu6ppIJyyiilhGKKKKSAfPLIJYcqW7mnkgrKKaOU' +
    'EoopopAC8skjlxyqbOGeSioop4xSSiimiEIKyCePXHKospl7KqmgnDJKKaGYIgopIJ88csmhSso9lVRQThmllFBMEYUUkE8eueRQ' +
    'ZRP3VFJBOWWUUkIxRRRSQD555JJDlY3cU0kF5ZRRSgnFFFFIAfnkkUsOVTZwTyUVlFNGKSUUU0QhBeSTRy45VFnPPZVUUE4ZpZRQ' +
    'TBGFFJBPHrnkUGUd91RSQTlllFJCMUUUUkA+eeSSQ5VruaeSCsopo5QSiimikALyySOXHKqs5Z5KKiinjFJKKKaIQgrIJ49cctZ+' +
    '9+37++f75/vn/3qqOOsd11ld5ZDX4VXia/Gp4rV4pfgavEJ8NV4uvgovE1+Jl4qvwEvEl+NTxJfhk8WX4pPECV4svgQvEl+MI/FF' +
    'eKH4QrxAfAGeLz4fzxOfh+eKz8VzxOfg2eKz8SzxWXim+Ew8Q3wGni4+HU8Tn4animM8RbwGTxavxqF4FZ4kPhVPFK/EE8Qr8Hjx' +
    'cjxOvAyPFS/FY8RL8GjxKXiU+GQ8UnwSHiFejE8UL8LDxRE+QbwQDxMvwIF4Ph4qnoeHiOfi48Vz8GDxbHyceBYeJJ6JB4pn4AHi' +
    '6fhY8TTcXzwV9xNPwX3Fk3EfcYiPEU/CR4snYl88AR8lHo97i8fhXuKxuKd4DO4hHo27i0fhbuKRuKt4BO4iPhF3Fg/HR4pPwJ3E' +
    'w3BHcYA7iIfi9uIh2BMfj9uJB+O24uNwG/Eg3Fo8ELcSD8AtxcfiFuL+uLm4H24m7oubivvgJuJjcGPx0biR2McNxUfhBuLe2BX3' +
    'wvXFPXE9cQ98hLg7rivuhg8Xd8V1xF1wbXFnXEt8JK4p7oQPE3fENcQdcHVxe1xNzG9+TlVxO1xF3BY74jb4W/n51xr/S9wK/1Pc' +
    'Ev9D3AL/Xdwc/03cDP9V3BT/RdwE/1ncGP9J3Aj/UdwQ/0HcAP9ezFfX+Z24Pv6tuB6uiI/AvxHXxb8WH45/Ja6DfymujX8hroV/' +
    'Lq6JfyY+DP9UXAP/RFwd/1hcDf9IXBX/UGyf8Q/kN5hv8Dfir/HX4oP4oPgr/JX4S/yl+Av8hfhz/Ln4M/yZ+FP8qfgT/In4Y/yx' +
    '+CP8kfhD/KH4A/yB+AA+IH4fvy9+D78nfhe/Ky5xKX4HvyN+G78tfgu/JX4Tvyl+A78hfh2/Ln4NvyZ+Fb8qfgW/In4Zvyx+Cb8k' +
    'fhG/KH4BvyB+Hj8vfg4/Jy5wIX4WPyt+Bj8jfho/LX4KPyV+Ej8pfgI/IX4cPy5+DD8mfhQ/Kn4EPyLej/eLH8YPix/CD4kfxA+K' +
    'H8APiHOci+/H94vvw/eJ78X3iu/B94jvxneL78J3ie/Ed4rvwHeIb8e3i2/Dt4lvxbeKb8G3iG/GN4tvwjeJb8Q3ijOciffhfeIb' +
    '8A3i6/H14r14r/g6fJ14D94j3o13i3fhXeKdeKd4B94h3o63i7fhbeKteKt4C94i3ow3i1OcijfhTeKNeKN4A94gtn24Xmz7cJ3Y' +
    '9uG1YtuHa8W2D68R2z68Wmz78Cqx7cMrxbYPrxDbPrxcbPvwMrHtw0vFtg8Tse3DS8S2Dy8W2z68SGz78EKx7cMLxLYPzxfbPjxP' +
    'bPvwXLHtw3PEtg/PFts+PEts+/BMse3DM8S2D08X2z48TWz7MBbbPlwjtn24Wmz7cJXY9uGpYtuHK8W2D1eIbR8uF9s+XCa2fbhU' +
    'bPtwidj24Sli24cni20fniS2fbhYbPtwkdj2YSS2fbhQbPtwgdj24Xyx7cN5YtuHc8W2D+eIbR/OFts+nCW2fThTbPtwhtj24XSx' +
    '7cNpYtuHU8W2D6eIbR9OFts+DMW2DyeJbR9OFNs+nCC2fThebPtwnNj24Vix7cMxYtuHo8W2D0eJbR+OFNs+HCG2fXii2PbhcLHt' +
    'wxPEtg+HiW0fBmLbh0PFtg+HiG0fHi+2fThYbPvwOLHtw0Fi24cDxbYPB4htHx4rtn3YX2z7sJ/Y9mFfse3DPmLbh8eIbR8eLbZ9' +
    '6IttHx4ltn3YW2z7sJfY9mFPse3DHmLbh93Ftg+7iW0fdhXbPuwitn3YWWz78Eix7cNOYtuHHcW2DzuIbR+2F9s+1P8K2D5sJ7Z9' +
    '2FZs+7CN2PZha7Htw1Zi24ctxbYPW4htHzYX2z5sJrZ92FRs+7CJ2PZhY7Htw0Zi24cNxbYPG4jd714OPbYP64ttH9YT2z48Qmz7' +
    'sK7Y9uHhYtuHdcS2D2uLbR/WEts+rCm2fXiY2PZhDbHtw+pi24fVxLYPq/7PX7TdQ3P/P3vRW1NFP/6/73GcfwN1UObkACAAAA==',
);
